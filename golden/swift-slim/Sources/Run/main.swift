//
//  main.swift
//
import Vapor

var services = Services.default()
var middlewares = MiddlewareConfig()
middlewares.use(FileMiddleware.self)
services.register(middlewares)
try Application(services: services).run()
