"""The public GraphQL types; each field says which column or relation it shows."""
