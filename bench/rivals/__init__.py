"""What a user would pick instead, written as well as such services are."""
