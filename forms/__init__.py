"""What each step and channel asks: WTForms classes over plain data, no table and no request."""
