export default { test: { include: ['*.test.mjs'], cache: false, reporters: ['default'] } }
