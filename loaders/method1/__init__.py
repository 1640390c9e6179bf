"""The method, version 1, as it judged until version 2: for the comparison only (`kpi status --method 1`).

Nothing else may read it; once the comparison has served, the folder goes as a whole.
"""
