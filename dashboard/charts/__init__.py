"""Data in, pictures out: SVG for lists, Plotly for one target. No Streamlit."""
