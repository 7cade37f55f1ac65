"""The scorer: values in, values out. It knows no web, no files, no clock."""
