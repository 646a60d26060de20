"""Pages of reports and figures."""
