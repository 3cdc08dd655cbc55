"""Where the team works: home, lists, docket pages, steps."""
