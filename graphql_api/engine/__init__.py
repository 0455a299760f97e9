"""From a document to its response: document cache, query limits, planner and executor."""
