"""Training of the encoder that ships with the `news-ar` pipeline."""
