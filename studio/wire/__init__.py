"""The vocabulary: every request, frame and result that leaves or enters the process."""
