"""What services find out and messages say: plain values between the two."""
