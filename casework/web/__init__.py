"""What every page shares: headers, language, error pages, the page renderer and its small
filters."""
