"""The judges of what a reader answers: functions to write (slots), problems, and questions.

Each calls the answer with small inputs of its own, and compares what comes out with the book's and with common mistakes. None
looks at the source.
"""
