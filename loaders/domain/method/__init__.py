"""How progress is judged: paths, numbers, gate, outcomes and statuses (METHOD)."""
