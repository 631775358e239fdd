// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import cross

@Suite struct TOMLPositionsTests {
    private let positions = TOMLPositions(
        """
        # [no] = "table"
        top = "a = 1 # [x]"   # b = 2
        long = \"\"\"
        [x]
        y = \\\"\"\"\"\"\"
        literal = '''
        z = 1'''
        [build]   # comment
          é."quoted.key" . 'third' = { one = 1, two = ["}", { three = 3 }] }
        list = [
            # ], four = 4
            "]",
            1979-05-27T07:32:00Z,
        ]
        last = 5
        [target.a-b.env]
        passthrough = []\r
        [target."c.d"]
        """
    )

    @Test(arguments: [
        (["top"], 2, 1), (["long"], 3, 1), (["literal"], 6, 1), (["build"], 8, 2),
        (["build", "é"], 9, 3), (["build", "é", "quoted.key"], 9, 5),
        (["build", "é", "quoted.key", "third"], 9, 20),
        (["build", "é", "quoted.key", "third", "one"], 9, 32),
        (["build", "é", "quoted.key", "third", "two"], 9, 41),
        (["build", "list"], 10, 1), (["build", "last"], 15, 1), (["target"], 16, 2),
        (["target", "a-b"], 16, 9), (["target", "a-b", "env"], 16, 13),
        (["target", "a-b", "env", "passthrough"], 17, 1), (["target", "c.d"], 18, 9),
    ])
    func keysAreWhereTheyAreFirstWritten(path: [String], line: Int, column: Int) {
        #expect(positions.position(of: path) == TOMLPosition(line: line, column: column))
    }

    @Test(arguments: [["no"], ["x"], ["y"], ["z"], ["four"], ["build", "four"], ["b"]])
    func whatIsInStringsAndCommentsIsNoKey(path: [String]) {
        #expect(positions.position(of: path) == nil)
    }

    // Only valid documents are looked at, but nothing may keep the program from ending.
    @Test(arguments: [
        "[", "[a", "a = [", "a = [}", "a = {", "a = {]", "=", "]", "\"", "'''", "a.=",
    ])
    func aBrokenDocumentIsNoTrap(text: String) {
        #expect(TOMLPositions(text).position(of: ["missing"]) == nil)
    }
}
