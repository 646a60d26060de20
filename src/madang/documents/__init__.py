"""One model of a document, many outputs: HTML, PDF, HWPX, XLSX, CSV and plain text.

`blocks` holds the model, every other module is one writer. No Django here.
"""
