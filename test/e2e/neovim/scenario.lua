-- Opens a configuration in neovim with the language server on stdio, takes the fix, and writes down
-- what it saw as JSON.
-- In: SERVER (the command as JSON), FOLDER, FILE, LINE (from 1), TITLE of the fix, RESULT (a path).

local folder = vim.env.FOLDER
local line = tonumber(vim.env.LINE) - 1
local result = { before = {}, titles = {}, after = {} }

local published = {}
vim.lsp.handlers['textDocument/publishDiagnostics'] = function(_, params)
  published[vim.uri_to_fname(params.uri)] = params.diagnostics
end

local function finish(failure)
  result.failure = failure
  vim.fn.writefile({ vim.fn.json_encode(result) }, vim.env.RESULT)
  vim.cmd('qall!')
end

local function diagnostics_here()
  local here = {}
  for _, diagnostic in ipairs(published[vim.api.nvim_buf_get_name(0)] or {}) do
    if diagnostic.range.start.line == line then
      table.insert(here, diagnostic)
    end
  end
  return here
end

local function request(client, method, params)
  local answer, failure = client.request_sync(method, params, 15000, 0)
  if not answer then
    error(method .. ': ' .. tostring(failure))
  end
  if answer.err then
    error(method .. ': ' .. answer.err.message)
  end
  return answer.result
end

local function scenario()
  vim.cmd('edit ' .. vim.fn.fnameescape(vim.env.FILE))
  local id = vim.lsp.start_client({
    name = 'advisory-lens',
    cmd = vim.fn.json_decode(vim.env.SERVER),
    root_dir = folder,
    workspace_folders = { { uri = vim.uri_from_fname(folder), name = 'site' } },
  })
  vim.lsp.buf_attach_client(0, id)
  local client = vim.lsp.get_client_by_id(id)

  vim.wait(20000, function()
    return #diagnostics_here() > 0
  end, 20)
  local diagnostics = diagnostics_here()
  for _, diagnostic in ipairs(diagnostics) do
    local related = {}
    for _, place in ipairs(diagnostic.relatedInformation or {}) do
      table.insert(related, place.message)
    end
    table.insert(result.before, {
      code = diagnostic.code,
      message = diagnostic.message,
      severity = diagnostic.severity,
      related = related,
    })
  end
  if #diagnostics == 0 then
    return 'no diagnostic on the line'
  end

  local actions = request(client, 'textDocument/codeAction', {
    textDocument = vim.lsp.util.make_text_document_params(0),
    range = diagnostics[1].range,
    context = { diagnostics = diagnostics, only = { 'quickfix' } },
  })
  local chosen
  for _, action in ipairs(actions or {}) do
    table.insert(result.titles, action.title)
    if action.title == vim.env.TITLE then
      chosen = action
    end
  end
  if not chosen then
    return 'the fix is not offered'
  end
  if not chosen.edit then
    chosen = request(client, 'codeAction/resolve', chosen)
  end
  vim.lsp.util.apply_workspace_edit(chosen.edit, client.offset_encoding)
  vim.cmd('write')

  local fixed_message = diagnostics[1].message
  vim.wait(20000, function()
    for _, diagnostic in ipairs(published[vim.api.nvim_buf_get_name(0)] or {}) do
      if diagnostic.message == fixed_message then
        return false
      end
    end
    return true
  end, 20)
  for _, diagnostic in ipairs(published[vim.api.nvim_buf_get_name(0)] or {}) do
    table.insert(result.after, diagnostic.message)
  end
  client.stop()
end

local ran, answer = pcall(scenario)
finish(answer)
