"""The second reading of a case file (案卷评查): rules of the law over plain data, apart from the
checks of the steps."""
