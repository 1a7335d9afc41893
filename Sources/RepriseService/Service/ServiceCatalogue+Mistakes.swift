import Foundation
import RepriseSystem

extension ServiceCatalogue {
  /// Returns all errors of the configuration, in the order of its lines.
  ///
  /// - Parameter environment: Variables and their values; those of this process unless given.
  /// - Returns: The errors; empty if the configuration is usable.
  package static func mistakes(environment: [String: String]? = nil) -> [ServiceError] {
    let directory = Directories.configuration(environment ?? Environment.current)
    do throws(ServiceError) {
      guard let text = try ConfigurationText.read(directory + "/config.toml") else { return [] }
      return mistakes(in: text)
    } catch {
      // A file that cannot be read, or is not TOML from some line on, tells no more.
      return [error]
    }
  }

  /// Returns all errors of a configuration.
  ///
  /// - Parameters:
  ///   - configuration: The text of the file.
  ///   - path: The path of the file, for messages.
  /// - Returns: The errors; empty if the configuration is usable.
  package static func mistakes(configuration: String, path: String) -> [ServiceError] {
    do throws(ServiceError) { return mistakes(in: try ConfigurationText(configuration, path: path)) } catch {
      return [error]
    }
  }

  /// Reads a configuration repeatedly, each time without the error of the time before.
  private static func mistakes(in text: ConfigurationText) -> [ServiceError] {
    var text = text
    var found: [(line: Int, error: ServiceError)] = []
    var reported: Set<[String]> = []
    // Every iteration removes a key, so the loop ends; a file of errors alone need not be reported in full.
    while found.count < 100 {
      do throws(ServiceError) {
        _ = try ServiceCatalogue(text)
        break
      } catch {
        guard var keys = text.takeMistake() else { return found.map(\.error) + [error] }
        if reported.contains(keys) || text.isMissing(keys) {
          // A key is missing: by itself, or since that key, or its alternative, was removed. Its table is useless then.
          let table = Array(keys.dropLast())
          let follows = [keys, table + ["like"], table + ["shape"]].contains { reported.contains($0) }
          if !follows { found.append((text.line(of: keys), error)) }
          let isOfKnownKind = !reported.contains(table + ["like"]) && !reported.contains(table + ["shape"])
          if keys.last == "base_url", text.isMissing(keys), isOfKnownKind {
            // Any address will do for finding the other errors of the service.
            reported.insert(keys)
            text = text.putting("https://address.invalid", at: keys)
            continue
          }
          keys = table
        } else if keys != ["service"] || !text.names(aTableOf: reported) {
          // The default service may be one that was removed.
          found.append((text.line(of: keys), error))
        }
        reported.insert(keys)
        text = text.without(keys)
      }
    }
    return found.sorted { $0.line < $1.line }.map(\.error)
  }
}
