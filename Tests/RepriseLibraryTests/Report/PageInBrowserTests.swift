import Foundation
import RepriseLibrary
import RepriseSystem
import TestSupport
import Testing

/// The page in headless Chromium: real clicks and keys, and what is to be read then.
@Suite(
  .enabled(if: Browser.executable != nil, "Chromium is missing, so the page is not looked at: scripts/setup --test"),
  .serialized, .startsProcesses)
struct PageInBrowserTests {
  /// A library: ready, preparable and rejected files with values of their own, sorted by path.
  private static func library(count: Int) throws -> [ScannedFile] {
    try (0..<count).map { index in
      let name =
        "library/album \(String(index / 20 + 1000).dropFirst())/track \(String(index + 100_000).dropFirst()).mp3"
      let file = SampleFile(name).with {
        $0.seconds = 20 + Double(index * 7919 % 600)
        $0.bytes = 1_000_000 + index * 104_729 % 60_000_000
        $0.loudness = index % 3 == 0 ? -8 - Double(index * 31 % 200) / 10 : nil
        switch index % 50 {
        case 7:
          $0.verdict = "rejected"
          $0.reasons = [("corrupt", "frame 12 of 4000 is damaged at 0:\(index % 60 + 10)")]
          $0.damage = [(10, 10.026), (Double(index % 9) + 12, Double(index % 9) + 15)]
        case 11, 31:
          $0.verdict = "preparable"
          $0.reasons = [("too-long", "is \(400 + index % 100) s long, over the service's maximum of 360 s")]
        default: break
        }
      }
      return try file.checked()
    }
  }

  /// Opens a report on `files`, does something with it, and holds the page to what always is so.
  private func visit(
    _ files: [ScannedFile], groups: ReportGroups = ReportGroups(), _ body: (Browser) async throws -> Void
  ) async throws {
    let scratch = try Scratch()
    let path = scratch.path("report.html")
    try HTMLReport(roots: [RawPath("library")]).write(files, groups: groups, to: path, replacing: false)
    let browser = try await Browser(keepingIn: scratch.path("profile"))
    do {
      try await browser.open(path)
      try await body(browser)
      #expect(browser.events("Runtime.exceptionThrown", "Log.entryAdded") == [], "the page goes without an error")
      let requests = browser.events("Network.requestWillBeSent")
      try #require(!requests.isEmpty, "the browser tells of requests")
      let isLocal = requests.map { $0.contains("\"url\":\"file:") || $0.contains("about:blank") }
      #expect(!isLocal.contains(false), "the page asks the network for nothing")
      #expect(try await browser.value("window.pwned === undefined"), "no file's name is run")
    } catch {
      await browser.close()
      throw error
    }
    await browser.close()
  }

  @Test("a click on a verdict leaves its files, sorting orders them, and typing narrows them down")
  func filtering() async throws {
    try await visit(try Self.library(count: 1000)) { page in
      #expect(try await page.text("#count") == "1,000 files")
      #expect(try await page.column(2).first == "library/album 000/track 00000.mp3")

      try await page.click("[data-verdict=rejected]")
      #expect(try await page.text("#count") == "20 of 1,000 files")
      let rejected = try await page.column(1)
      #expect(rejected.count == 20)
      try #require(!rejected.isEmpty)
      #expect(rejected.allSatisfy { $0.contains("rejected") })
      #expect(try await page.value("document.querySelector('[data-verdict=rejected]').ariaPressed") == "true")

      try await page.click("[data-sort=bytes]")
      let sizes = try await page.column(7).map { try #require(Double($0.prefix { $0 != " " })) }
      #expect(sizes == sizes.sorted())
      #expect(Set(sizes).count > 10)
      try await page.click("[data-sort=bytes]")
      #expect(try await page.column(7).map { Double($0.prefix { $0 != " " }) } == sizes.reversed())
      let marks = "[...document.querySelectorAll('th[aria-sort]')].map(e => [e.innerText, e.getAttribute('aria-sort')])"
      #expect(try await page.value(marks) == [["Size", "descending"]])

      try await page.click("#text")
      try await page.type("TRACK 00057")
      #expect(try await page.text("#count") == "1 of 1,000 files")
      #expect(try await page.column(2) == ["library/album 002/track 00057.mp3"])

      try await page.type("x")
      #expect(try await page.text("#count") == "0 of 1,000 files")
      #expect(try await page.text("#none") == "No file passes the filters.")
      try await page.click("#reset")
      #expect(try await page.text("#count") == "1,000 files")
    }
  }

  @Test("a reason's files, and several verdicts together")
  func reasons() async throws {
    try await visit(try Self.library(count: 500)) { page in
      // A list of choices is the system's own window; the keys are the page's.
      try await page.send("Runtime.evaluate", ["expression": "document.getElementById('reason').focus()"])
      try await page.type("too-long")
      #expect(try await page.text("#count") == "20 of 500 files")
      try #require(try await !page.column(10).isEmpty)
      #expect(try await page.column(10).allSatisfy { $0 == "too-long" })
      try await page.click("[data-verdict=ready]")
      #expect(try await page.text("#count") == "0 of 500 files")
      try await page.click("[data-verdict=preparable]")
      #expect(try await page.text("#count") == "20 of 500 files")
    }
  }

  @Test("each column sorts both ways, what is unknown last")
  func columns() async throws {
    var files = try Self.library(count: 58)
    files.append(
      try SampleFile("z.mp3").with {
        ($0.seconds, $0.bytes, $0.verdict) = (nil, nil, "rejected")
        $0.reasons = [("unreadable", "gone")]
      }.checked())
    try await visit(files) { page in
      let columns: [String] = try await page.value(
        "[...document.querySelectorAll('[data-sort]')].map(e => e.dataset.sort)")
      #expect(columns.count == 10)
      for column in columns {
        // As texts in the numbers' order; loudness is negative, so it is moved above zero.
        func values() async throws -> [String] {
          try await page.value(
            """
            shown.map(file => { const k = KEYS.\(column)(file); return k === null ? 'null'
            : typeof k === 'number' ? (k + 1000).toFixed(3).padStart(20, ' ') : k; })
            """)
        }
        try await page.click("[data-sort=\(column)]")
        let up = try await values()
        try await page.click("[data-sort=\(column)]")
        let down = try await values()
        let known = up.filter { $0 != "null" }
        let unknown = Array(repeating: "null", count: up.count - known.count)
        #expect(known == known.sorted() && up == known + unknown, "\(column), ascending")
        #expect(down == known.reversed() + unknown, "\(column), descending")
        let sort = "document.querySelector('[data-sort=\(column)]').closest('th').getAttribute('aria-sort')"
        #expect(try await page.value(sort) == "descending")
      }
    }
  }

  @Test("hostile names are shown with their escapes, and none of them is run")
  func hostile() async throws {
    let files = try hostileNames.map { name in
      try SampleFile(name).with {
        $0.verdict = "rejected"
        $0.reasons = [("corrupt", String(decoding: name, as: UTF8.self))]
      }.checked()
    }
    try await visit(files) { page in
      let shown = try await page.column(2)
      #expect(shown.count == hostileNames.count)
      #expect(shown[0] == "</script><script>window.pwned=1</script>.mp3")
      #expect(shown[1] == "<img src=x onerror=\"window.pwned=2\">.mp3")
      #expect(shown[4] == "line\\nend\\r.mp3")
      #expect(shown[5] == "evil\\u{202e}3pm.exe")
      #expect(shown[8] == "not utf-8 \\xff\\xc3(.mp3")
      #expect(try await page.value("document.querySelectorAll('#rows img, #rows script').length") == 0)
      let marked = "[...document.querySelectorAll('#rows tr:nth-child(5) .escape')].map(e => e.innerText)"
      #expect(try await page.value(marked) == ["\\n", "\\r"])
      for index in hostileNames.indices {
        try await page.click("#row-\(index)")
        #expect(try await page.value("document.querySelectorAll('#details img, #details script').length") == 0)
      }
    }
  }

  /// Groups of rows, handed out as a scan does.
  private static func rows(_ groups: [[Int]]) -> ReportGroups.Rows {
    { body in for group in groups { for row in group { try body(row, row == group[0]) } } }
  }

  @Test("a click on a card leaves the files with the same audio, whose details name the others and lead to them")
  func sameAudio() async throws {
    let names = (0..<60).map { Array("plain \(100 + $0).mp3".utf8) } + hostileNames
    let files = try names.map { try SampleFile($0).checked() }
    let hostile = Array(60..<names.count)
    let groups = ReportGroups(same: Self.rows([[3] + hostile, [7, 9]]), near: Self.rows([[7, 20]]))
    try await visit(files, groups: groups) { page in
      try await page.click(".cards [data-trait=same]")
      #expect(try await page.text("#count") == "\(hostile.count + 3) of \(names.count) files")
      #expect(try await page.column(2).prefix(3) == ["plain 103.mp3", "plain 107.mp3", "plain 109.mp3"])
      let pressed = "[...document.querySelectorAll('[data-trait=same]')].map(button => button.ariaPressed)"
      #expect(try await page.value(pressed) == ["true", "true"])

      try await page.click("#row-0")
      let others: [String] = try await page.value(
        "[...document.querySelectorAll('#details .same li')].map(item => item.textContent)")
      #expect(others.count == hostile.count)
      #expect(others[0] == "</script><script>window.pwned=1</script>.mp3" && others[5] == "evil\\u{202e}3pm.exe")
      #expect(try await page.value("document.querySelectorAll('#details img, #details script').length") == 0)
      #expect(try await page.text("#details .same h4") == "Same audio as \(hostile.count) others")

      try await page.click(".tools [data-trait=near]")
      #expect(try await page.column(2) == ["plain 107.mp3"])
      try await page.click("#row-0")
      #expect(try await page.text("#details .same").contains("plain 109.mp3"))
      #expect(try await page.text("#details .near") == "Nearly the same as another file\nplain 120.mp3")
      // It does not pass the filters, which make way.
      try await page.click("#details .near button")
      #expect(try await page.text("#count") == "\(names.count) files")
      #expect(try await page.text("#details h3").contains("plain 120.mp3"))
      #expect(try await page.value("document.querySelector('[aria-selected=true]').id") == "row-20")
      #expect(try await page.value(pressed) == ["false", "false"])
      #expect(try await page.value("document.activeElement.id") == "details")
    }
  }

  @Test("each kind of damage is named on its map, in its legend and in words; without a known place there is no map")
  func damageKinds() async throws {
    let damaged = SampleFile("a.mp3").with {
      $0.verdict = "rejected"
      $0.damage = [(1, 2), (3, 4), (5, 5)]
      $0.kinds = ["a wrong checksum", "<b>zeros</b>"]
    }
    let short = SampleFile("b.mp3").with {
      $0.verdict = "rejected"
      $0.reasons = [("too-short", "is 5.999 s long")]
    }
    try await visit([try damaged.checked(), try short.checked()]) { page in
      try await page.click("#row-0")
      func texts(_ selector: String) async throws -> [String] {
        try await page.value("[...document.querySelectorAll('#details \(selector)')].map(e => e.textContent)")
      }
      let places = [
        "0:01.000 to 0:02.000: a wrong checksum", "0:03.000 to 0:04.000: <b>zeros</b>",
        "0:05.000 (missing): a wrong checksum",
      ]
      #expect(try await texts(".map title") == places)
      #expect(try await texts(".spans li") == places)
      #expect(try await texts(".kinds li") == ["a wrong checksum × 2", "<b>zeros</b>"])
      let colours =
        "new Set([...document.querySelectorAll('#details .map .damaged')].map(e => getComputedStyle(e).fill)).size"
      #expect(try await page.value(colours) == 2)
      let label: String = try await page.value("document.querySelector('#details .map').getAttribute('aria-label')")
      #expect(label.contains("3 places") && label.hasSuffix("a wrong checksum, <b>zeros</b>"))

      try await page.click("#row-1")
      #expect(try await texts("svg") == [])
      #expect(try await page.text("#details figcaption").hasPrefix("Damage: at no known place"))
      try await page.click("[data-trait=damage]")
      #expect(try await page.column(2) == ["a.mp3"])
    }
  }

  @Test("the page goes by keys alone: / to the filter, Tab to the list, arrows in it, Enter to a file, Escape back")
  func keys() async throws {
    try await visit(try Self.library(count: 1000)) { page in
      try await page.type("/")
      #expect(try await page.value("document.activeElement.id") == "text")
      try await page.type("corrupt")
      #expect(try await page.value("document.activeElement.value") == "corrupt")
      #expect(try await page.text("#count") == "20 of 1,000 files")
      // Three verdicts, "damaged", the reason, the button, then the list.
      for _ in 0..<7 { try await page.press("Tab", code: 9) }
      #expect(try await page.value("document.activeElement.id") == "files")
      let active = "document.getElementById(document.activeElement.getAttribute('aria-activedescendant')).innerText"
      try await page.press("ArrowDown", code: 40)
      #expect(try await (page.value(active) as String).contains("track 00007"))
      try await page.press("ArrowDown", code: 40)
      #expect(try await (page.value(active) as String).contains("track 00057"))
      try await page.press("End", code: 35)
      #expect(try await (page.value(active) as String).contains("track 00957"))
      try await page.press("Enter", code: 13)
      #expect(try await page.value("document.activeElement.id") == "details")
      #expect(try await page.text("#details").contains("track 00957"))
      #expect(try await page.text("#details figcaption").hasPrefix("Damage: 2 places"))
      #expect(try await page.value("document.querySelectorAll('#details .map .damaged').length") == 2)
      try await page.press("Escape", code: 27)
      #expect(try await page.value("document.activeElement.id") == "files")
      try await page.press("Tab", code: 9)
      #expect(try await page.value("document.activeElement.dataset.sort") == "verdict")
      try await page.press("Enter", code: 13)
      try await page.press("Enter", code: 13)
      #expect(try await page.value("document.activeElement.closest('th').getAttribute('aria-sort')") == "descending")
    }
  }

  @Test("of ten thousand files only those in sight are in the page, which is small, and each can be scrolled to")
  func tenThousand() async throws {
    let files = try Self.library(count: 10_000)
    try await visit(files) { page in
      #expect(try await page.text("#count") == "10,000 files")
      #expect(try await page.value("document.documentElement.outerHTML.length < 3000000"))
      let rows: Int = try await page.value("document.querySelectorAll('#rows tr').length")
      #expect((20..<100).contains(rows))
      try await page.send(
        "Runtime.evaluate", ["expression": "document.getElementById('scroller').scrollTop = 1e9"])
      try await page.settle()
      #expect(try await page.column(2).last == "library/album 499/track 09999.mp3")
      #expect(try await page.value("document.querySelector('#rows tr:last-child').ariaRowIndex") == "10001")
      try await page.click("#text")
      try await page.type("09957")
      #expect(try await page.column(2) == ["library/album 497/track 09957.mp3"])
    }
  }

  @Test("on paper the problem files stand in full, and the list of all is left out")
  func paper() async throws {
    try await visit(try Self.library(count: 200)) { page in
      try await page.send("Emulation.setEmulatedMedia", ["media": "print"])
      try await page.send("Runtime.evaluate", ["expression": "dispatchEvent(new Event('beforeprint'))"])
      #expect(try await page.value("document.querySelectorAll('#problems article .map').length") == 4)
      #expect(try await page.value("document.getElementById('files').checkVisibility()") == false)
      #expect(try await page.value("document.getElementById('problems').checkVisibility()") == true)
    }
  }

  @Test("a library of nothing but problems is a few dozen pages on paper, each file in a row")
  func manyOnPaper() async throws {
    let files = try (0..<1900).map { index in
      try SampleFile("library/album \(index / 20)/track \(index) of a name that is rather long.mp3").with {
        $0.verdict = "rejected"
        $0.reasons = [
          (
            "corrupt",
            "the frame at 0:\(index % 50 + 10).3 has no end, so what follows it is lost; get an undamaged copy"
          )
        ]
        $0.damage = [(10, 10.026)]
      }.checked()
    }
    try await visit(files) { page in
      struct Printed: Decodable { let data: String }
      let printed: Printed = try await page.send("Page.printToPDF", ["preferCSSPageSize": true])
      let bytes = try #require(Data(base64Encoded: printed.data))
      let text = String(decoding: bytes, as: UTF8.self)
      let pages = text.matches(of: /\/Type \/Page\b(?!s)/).count
      #expect((2...40).contains(pages), "\(pages) pages")
    }
  }
}
