"""What outlives the server: jobs, their logs and their results."""
