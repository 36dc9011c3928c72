print(open("/opt/list/files").read())
