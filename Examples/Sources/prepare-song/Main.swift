import Foundation
import Reprise

@main
enum Main {
  static func main() async {
    let arguments = CommandLine.arguments
    guard arguments.count == 3 else {
      print("usage: prepare-song RECORDING NAME")
      exit(64)
    }
    do { print(try await prepareSong(FilePath(arguments[1]), named: arguments[2]).file) } catch {
      print("prepare-song: \(error)")
      exit(1)
    }
  }
}
