"""Files from outside, one small module per format, all with `read(raw, name) -> Sheet`.

A file that cannot be read raises `sheet.UnreadableError` with a code and parameters; the pages phrase it.
"""
