raise SystemExit(open("/opt/list/files").read())
