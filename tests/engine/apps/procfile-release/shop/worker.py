from shop.site import PAGE

if __name__ == "__main__":
    print("the page has", len(PAGE.read_text().splitlines()), "lines")
