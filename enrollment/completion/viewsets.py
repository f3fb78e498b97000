training_viewsets: list = []
