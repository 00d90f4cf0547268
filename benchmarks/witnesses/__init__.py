"""Models as other people's simulators run them, to hold Studio's against."""
