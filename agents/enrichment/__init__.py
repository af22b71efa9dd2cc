"""The only agent that calls out: providers of company data, asked before a batch is decided."""
