"""Lists that people send as spreadsheets: what stands in a cell, what a spreadsheet did to it,
what is hidden."""
