"""Draw and return: cards, badges, tables, the frame. No arithmetic."""
