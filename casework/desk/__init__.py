"""What staff open: first page, lists, docket pages, steps, the office."""
