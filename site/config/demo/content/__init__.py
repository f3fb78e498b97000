"""The words of the demo site, each written in Swedish and English side by side."""
