"""What a picture is made of, and the facts and rules that every painter needs."""
