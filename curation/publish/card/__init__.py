"""What a version says of itself: the card, its pictures, the Croissant description."""
