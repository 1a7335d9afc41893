import Foundation

@main
enum Main {
  static func main() async {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else {
      print("usage: prepare-song RECORDING NAME")
      exit(64)
    }
    do { print(try await prepareSong(at: arguments[1], as: arguments[2])) } catch {
      print("prepare-song: \(error)")
      exit(1)
    }
  }
}
