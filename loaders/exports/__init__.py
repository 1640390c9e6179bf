"""Assessments and values on their way out of the product."""
