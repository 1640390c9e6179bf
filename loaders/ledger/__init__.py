"""The record of what ministries submit: it only grows, and every change is chained in the audit log."""
