"""Data in, numbers out: registry, observations and the assessment. No Streamlit, no Plotly."""
