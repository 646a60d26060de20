"""Pages of the registrar."""
