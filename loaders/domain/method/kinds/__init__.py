"""The kinds of goals, one module each, and the table of them."""
