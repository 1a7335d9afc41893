import Foundation
import RepriseSystem

extension ServiceCatalogue {
  /// Everything that is wrong with the configuration, in the order of its lines; empty if it is usable.
  ///
  /// - Parameter environment: the process's own unless given.
  public static func mistakes(environment: [String: String]? = nil) -> [ServiceError] {
    let folder = Folders.configuration(environment ?? Environment.current)
    do throws(ServiceError) {
      guard let text = try ConfigurationText.read(folder + "/config.toml") else { return [] }
      return mistakes(in: text)
    } catch {
      // What can't be read, or is no TOML from some line on, tells no more.
      return [error]
    }
  }

  /// Everything that is wrong with a configuration.
  ///
  /// - Parameter path: where it is, for messages.
  public static func mistakes(configuration: String, path: String) -> [ServiceError] {
    do throws(ServiceError) { return mistakes(in: try ConfigurationText(configuration, path: path)) } catch {
      return [error]
    }
  }

  /// Reads a configuration again and again, each time without what was wrong the time before.
  private static func mistakes(in text: ConfigurationText) -> [ServiceError] {
    var text = text
    var found: [(line: Int, error: ServiceError)] = []
    var told: Set<[String]> = []
    // Every turn takes a key out, so there is an end; a file of mistakes alone need not be told in full.
    while found.count < 100 {
      do throws(ServiceError) {
        _ = try ServiceCatalogue(text)
        break
      } catch {
        guard var keys = text.takeMistake() else { return found.map(\.error) + [error] }
        if told.contains(keys) || text.isMissing(keys) {
          // A key is missing: by itself, or since it, or what stands in for it, was taken out. Its table is no use
          // then.
          let table = Array(keys.dropLast())
          let follows = [keys, table + ["like"], table + ["shape"]].contains { told.contains($0) }
          if !follows { found.append((text.line(of: keys), error)) }
          let isOfKnownKind = !told.contains(table + ["like"]) && !told.contains(table + ["shape"])
          if keys.last == "base_url", text.isMissing(keys), isOfKnownKind {
            // Any address will do to see what else is wrong with the service.
            told.insert(keys)
            text = text.putting("https://address.invalid", at: keys)
            continue
          }
          keys = table
        } else if keys != ["service"] || !text.names(aTableOf: told) {
          // The service that is meant where none is named may be one that was taken out.
          found.append((text.line(of: keys), error))
        }
        told.insert(keys)
        text = text.without(keys)
      }
    }
    return found.sorted { $0.line < $1.line }.map(\.error)
  }
}
