"""The oracle: a second, slow and independent implementation of the public schema, for tests to measure against.

It runs plain graphql-core over dictionaries read from seed files, and shares nothing with the product except the
rendering of answers.
"""
