document.title = "h";
