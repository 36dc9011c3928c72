// swift-tools-version:4.2
import PackageDescription

let package = Package(
    name: "shop",
    dependencies: [.package(url: "https://github.com/vapor/vapor.git", from: "3.1.0")],
    targets: [.target(name: "Run", dependencies: ["Vapor"])]
)
