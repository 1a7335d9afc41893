import RepriseService
import Foundation
import Testing

@Suite("All mistakes of a configuration")
struct ConfigurationMistakesTests {
  private func lines(_ text: String) -> [String] {
    ServiceCatalogue.mistakes(configuration: text, path: "c.toml").map(\.description)
  }

  @Test("each is reported with its line, in their order")
  func all() {
    let found = lines(
      """
      colour = 1
      service = "studio"
      [services.studio]
      base_url = "https://s.example"
      concurrency = 0
      price_usd = "much"
      [services.studio.limits]
      max_bytes = 5
      formats = ["ogg"]
      [services.other]
      model = "m"
      [services.local]
      base_url = "http://x"
      """)
    let wanted = [
      "c.toml:1: colour: is not known", "c.toml:5: services.studio.concurrency: is 0",
      "c.toml:6: services.studio.price_usd: is a string", "c.toml:8: services.studio.limits.max_bytes: is 5",
      "c.toml:9: services.studio.limits.formats: takes", "c.toml:10: services.other.base_url: is missing",
      "c.toml:13: services.local.base_url: the local service",
    ]
    #expect(found.count == wanted.count, "\(found)")
    for (line, start) in zip(found, wanted) { #expect(line.hasPrefix(start), "\(line)") }
  }

  @Test(
    "an address that is wrong or missing hides no other mistake of its service",
    arguments: ["base_url = \"ftp://x\"", ""])
  func besideAddress(address: String) {
    let found = lines("[services.studio]\n\(address)\nconcurency = 2\nprice_usd = \"a\"\n")
    #expect(found.count == 3, "\(found)")
    for key in ["base_url", "concurency", "price_usd"] {
      #expect(found.count { $0.contains("services.studio.\(key): ") } == 1, "\(found)")
    }
  }

  @Test("what only follows from another mistake is not reported")
  func following() {
    #expect(lines("service = \"s\"\n[services.s]\nbase_url = 3\n").count == 1)
    #expect(lines("service = \"s\"\n[services.s]\nlike = \"nosuch\"\n").count == 1)
    #expect(lines("[services.s]\nbase_url = \"https://s.example\"\nlimits = 3\nkey = 4\n").count == 2)
  }

  @Test("a usable one has none, what is no TOML has one")
  func others() {
    #expect(lines("").isEmpty)
    #expect(lines(ServiceCatalogueTests.everything).isEmpty)
    #expect(lines("a = \nb = \n").count == 1)
  }

  @Test("of each mistake that is known alone, the same is reported", arguments: ServiceCatalogueTests.mistakes)
  func one(mistake: ServiceCatalogueTests.Mistake) {
    let found = ServiceCatalogue.mistakes(configuration: mistake.text, path: "c.toml")
    #expect(found.count == 1, "\(found)")
    #expect(found.allSatisfy(mistake.isNamed), "\(found)")
  }

  @Test("a file of nothing but mistakes comes to an end")
  func many() {
    let text = (0..<1000).map { "key\($0) = \($0)\n" }.joined()
    #expect(lines(text).count == 100)
  }
}
