"""The case file: binding, printing and scanning back, review, retention, destruction."""
