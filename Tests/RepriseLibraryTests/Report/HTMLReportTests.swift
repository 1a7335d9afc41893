import RepriseAudio
import Foundation
import RepriseLibrary
import RepriseSystem
import TestSupport
import Testing

/// The page as text; `PageInBrowserTests` looks at it in a browser.
struct HTMLReportTests {
  private func page(
    _ files: [ScannedFile], roots: [RawPath] = [], groups: ReportGroups = ReportGroups()
  ) throws -> String {
    let scratch = try Scratch()
    try HTMLReport(roots: roots).write(
      files, groups: groups, to: scratch.path("report.html"), replacing: false)
    #expect(try scratch.contents() == ["report.html"])
    return try String(contentsOfFile: scratch.path("report.html"), encoding: .utf8)
  }

  /// The data inside the page, as its script reads it.
  private func data(of page: String) throws -> [String: Any] {
    let start = try #require(page.range(of: "<script type=\"application/json\" id=\"data\">"))
    let end = try #require(page.range(of: "</script>", range: start.upperBound..<page.endIndex))
    let text = page[start.upperBound..<end.lowerBound]
    return try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
  }

  @Test("no name of a file or directory adds a tag to the page")
  func names() throws {
    let plain = try page([try SampleFile("plain.mp3").checked()], roots: [RawPath("plain")])
    func tags(_ page: String) -> Int { page.split(separator: "<", omittingEmptySubsequences: false).count }
    for name in hostileNames {
      let file = SampleFile(name).with { $0.codec = String(decoding: name, as: UTF8.self) }
      let hostile = try page([try file.checked()], roots: [RawPath(name)])
      #expect(tags(hostile) == tags(plain), "\(name)")
      #expect(!hostile.contains { "\u{202E}\u{2028}\u{2029}\r".contains($0) })
    }
  }

  @Test("every file is in the page's data, its hostile name shown by escapes")
  func dataOfFiles() throws {
    let page = try page(try hostileNames.map { try SampleFile($0).checked() })
    let rows = try #require(try data(of: page)["files"] as? [[Any]])
    #expect(
      rows.compactMap { $0.first as? String } == [
        "</script><script>window.pwned=1</script>.mp3", "<img src=x onerror=\"window.pwned=2\">.mp3",
        "<!--<script>.mp3", "quote\"and'and&amp;`${1}.mp3", "line\\nend\\r.mp3", "evil\\u{202e}3pm.exe",
        "separators\\u{2028}\\u{2029}.mp3", "back\\\\nslash.mp3", "not utf-8 \\xff\\xc3(.mp3", "{{title}}.mp3",
        "=HYPERLINK(\"http://x\").mp3",
      ])
  }

  @Test("a page of files that were skimmed says so", arguments: [1, 2])
  func skimmed(count: Int) throws {
    let files = try (0..<2).map { index in
      try SampleFile("\(index).mp3").with { $0.isSkimmed = index < count }.checked()
    }
    let page = try page(files)
    #expect(page.contains(count == 2 ? " · skimmed: both ends" : " · 1 of them skimmed: both ends"))
    let rows = try #require(try data(of: page)["files"] as? [[Any]])
    let words = try #require(try data(of: page)["words"] as? [String])
    #expect(rows.map { ($0[9] as? Int).map { words[$0] } } == [Optional("skim"), count == 2 ? "skim" : "structure"])
    #expect(CSVReport().row(for: files[0]).contains(",skim,"))
  }

  @Test("the page's policy names its own script and style, and nothing else")
  func policy() throws {
    let page = try page([])
    #expect(page.contains("default-src 'none'; script-src 'sha256-"))
    // What another's digest says of the texts that the browser will digest.
    for (tag, source) in [("script", "script-src"), ("style", "style-src")] {
      let start = try #require(page.range(of: "<\(tag)>"))
      let end = try #require(page.range(of: "</\(tag)>", range: start.upperBound..<page.endIndex))
      let scratch = try Scratch()
      let file = try scratch.file("text", Array(page[start.upperBound..<end.lowerBound].utf8))
      let digest = try SHA256.hex(ofFileAt: file)
      let bytes = stride(from: 0, to: 64, by: 2).map { offset in
        UInt8(digest.dropFirst(offset).prefix(2), radix: 16) ?? 0
      }
      #expect(page.contains("\(source) 'sha256-\(Data(bytes).base64EncodedString())'"))
    }
    // The one address is a name that SVG has to be called by; nothing is fetched from there.
    #expect(page.ranges(of: "://").count == page.ranges(of: "http://www.w3.org/2000/svg").count)
  }

  @Test("files are counted by verdict, by reason and by what is on each side of a limit")
  func counts() throws {
    let short = SampleFile("short.mp3").with {
      $0.seconds = 5.999
      $0.verdict = "rejected"
      $0.reasons = [("too-short", "is 5.999 s long"), ("clipped", "too loud")]
    }
    let least = SampleFile("least.mp3").with { $0.seconds = 6 }
    let none = SampleFile("none.mp3").with {
      $0.seconds = nil
      $0.verdict = "rejected"
      $0.reasons = [("not-audio", "is text")]
    }
    let page = try page([try short.checked(), try least.checked(), try none.checked()])
    #expect(page.contains("<li class=\"ready\"><strong>1</strong>"))
    #expect(page.contains("<li class=\"preparable\"><strong>0</strong>"))
    #expect(page.contains("<li class=\"rejected\"><strong>2</strong>"))
    #expect(page.contains("<span class=\"code\">too-short</span></th><td>1</td>"))
    #expect(page.contains("<th scope=\"row\">3 s to 6 s</th><td>0</td><td>0</td><td>1</td>"))
    #expect(page.contains("<th scope=\"row\">6 s to 10 s</th><td>1</td><td>0</td><td>0</td>"))
    #expect(page.contains("1 without a length"))
    #expect(page.contains("3 not measured"))
  }

  @Test("limits of another service are edges of the histograms")
  func otherLimits() throws {
    let scratch = try Scratch()
    let limits = AudioLimits(minimumSeconds: 12, maximumSeconds: 250, maximumBytes: 9_000_000)
    try HTMLReport(roots: [], limits: limits).write(
      [try SampleFile("a.mp3").checked()], to: scratch.path("report.html"), replacing: false)
    let page = try String(contentsOfFile: scratch.path("report.html"), encoding: .utf8)
    #expect(page.contains("longest: 4.17 min"))
    #expect(page.contains("largest: 9 MB"))
  }

  @Test("the same files make the same page, to the byte")
  func deterministic() throws {
    let files = try hostileNames.map { name in
      try SampleFile(name).with { $0.reasons = [("silent", "1"), ("clipped", "2"), ("too-long", "3")] }.checked()
    }
    #expect(try page(files) == page(files))
  }

  @Test("numbers that JSON can't hold, and stretches that run backwards, are left out")
  func oddNumbers() throws {
    let odd = SampleFile("odd.mp3").with {
      $0.seconds = 1e300
      $0.damage = [(5, 4), (1, 1e300), (2, 3)]
    }
    let row = try #require((try data(of: page([try odd.checked()]))["files"] as? [[Any]])?.first)
    #expect(row[6] is NSNull)
    let spans = try #require(row[11] as? [[Double]])
    #expect(spans.map { Array($0.prefix(2)) } == [[2, 3]])
  }

  @Test("kinds of damage are words of the page, each once, and referred to by their numbers")
  func damageKinds() throws {
    let file = SampleFile("a.mp3").with {
      $0.damage = [(1, 2), (3, 4), (5, 5)]
      $0.kinds = ["a checksum that is wrong", "</script>\u{202E}"]
    }
    let data = try data(of: page([try file.checked(), try file.checked()]))
    let words = try #require(data["words"] as? [String])
    let rows = try #require(data["files"] as? [[Any]])
    for row in rows {
      let spans = try #require(row[11] as? [[Double]])
      #expect(
        spans.map { words[Int($0[2])] } == [
          "a checksum that is wrong", "</script>\\u{202e}", "a checksum that is wrong",
        ])
    }
    #expect(Set(words).count == words.count)
  }

  @Test("groups stand behind the files as numbers of rows, and are counted on their cards")
  func groups() throws {
    let files = try (0..<6).map { try SampleFile("\($0).mp3").checked() }
    func rows(_ groups: [[Int]]) -> ReportGroups.Rows {
      { body in for group in groups { for row in group { try body(row, row == group[0]) } } }
    }
    let page = try page(files, groups: ReportGroups(same: rows([[0, 3, 5], [1, 2]]), near: rows([[0, 4]])))
    let data = try data(of: page)
    #expect(data["same"] as? [[Int]] == [[0, 3, 5], [1, 2]])
    #expect(data["near"] as? [[Int]] == [[0, 4]])
    #expect(page.contains("<strong>5</strong> same audio as another file <span class=\"muted\">2 recordings<"))
    #expect(page.contains("<strong>2</strong> nearly the same <span class=\"muted\">1 recording;"))
  }

  @Test("groups that were looked for in vain are none, and those that were not looked for are not reported of")
  func noGroups() throws {
    let files = [try SampleFile("a.mp3").checked()]
    let looked = try page(files, groups: ReportGroups(same: { _ in }))
    #expect(try data(of: looked)["same"] as? [[Int]] == [])
    #expect(looked.contains("data-trait=\"same\" aria-pressed=\"false\" disabled><strong>0</strong>"))
    #expect(try data(of: looked)["near"] == nil && !looked.contains("data-trait=\"near\""))
    #expect(try !page(files).contains("data-trait=\"same\""))
  }
}
