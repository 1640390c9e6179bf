"""Korean and English words, numbers and dates. No Streamlit."""
