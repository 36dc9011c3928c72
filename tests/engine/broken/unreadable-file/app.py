print(open("/app/key.pem").read())
