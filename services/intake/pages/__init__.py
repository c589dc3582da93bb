"""What all pages for customers look like: the frame, the colours, the words of the frame."""
