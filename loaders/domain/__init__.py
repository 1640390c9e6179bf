"""Pure definitions and formulas (standard library and pydantic): no files, clock or environment."""
