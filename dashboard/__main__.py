"""`python -m dashboard` is `kpi`."""

from dashboard.cli import main

main()
