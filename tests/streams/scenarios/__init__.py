"""The source documents' scenarios, end to end: policy, leads and the outcome line by line."""
