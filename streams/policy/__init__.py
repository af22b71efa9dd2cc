"""The rules of sales operations as data: document, loading with line numbers, compiled form."""
